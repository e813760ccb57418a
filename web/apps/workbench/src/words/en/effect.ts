export const effect = {
  "rating_tag.fast": "Fast",
  "rating_tag.clear": "Clear",
  "rating_tag.few_papers": "Few papers",
  "rating_tag.kind": "Kind",
  "rating_tag.easy": "Easy to use",
  "rating_tag.slow": "Slow",
  "rating_tag.unclear": "Unclear",
  "rating_tag.many_papers": "Too many papers",
  "rating_tag.unkind": "Unkind",
  "rating_tag.hard": "Hard to use",
  "rating_tag.came_again": "Had to come more than once",
};
