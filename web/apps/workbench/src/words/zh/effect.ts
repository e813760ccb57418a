export const effect = {
  "rating_tag.fast": "办得快",
  "rating_tag.clear": "说得清楚",
  "rating_tag.few_papers": "材料少",
  "rating_tag.kind": "态度好",
  "rating_tag.easy": "页面好用",
  "rating_tag.slow": "等得久",
  "rating_tag.unclear": "看不懂",
  "rating_tag.many_papers": "材料多",
  "rating_tag.unkind": "态度差",
  "rating_tag.hard": "页面难用",
  "rating_tag.came_again": "跑了不止一趟",
} as const;
