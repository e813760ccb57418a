import type { Audience, Condition, Group, Purpose, Tag } from "./campaignCall";

/** The groups of an audience; none are an empty list. */
export const groupsOf = (audience: Audience): Group[] => audience.groups ?? [];

/** A condition on a tag that says nothing yet but is of the right shape. */
export function freshCondition(tag: Tag): Condition {
  const values = tag.shape === "months" ? ["12"] : tag.options[0] ? [tag.options[0].code] : [];
  return { tag: tag.code, compare: tag.compares[0] ?? "is", values };
}

/** The tags that may be used for a purpose. */
export function tagsFor(tags: Tag[], purpose: Purpose): Tag[] {
  return tags.filter((tag) => tag.purposes.includes(purpose));
}

/** Only what is complete is asked of the server: groups with conditions, conditions with values. */
export function completed(audience: Audience): Audience {
  const groups = groupsOf(audience)
    .map((group) => ({ ...group, conditions: group.conditions.filter((one) => one.values.length > 0) }))
    .filter((group) => group.conditions.length > 0);
  return { match: audience.match ?? "all", groups };
}

/** The same audience without what its new purpose does not allow. */
export function allowed(audience: Audience, tags: Tag[], purpose: Purpose): Audience {
  const known = new Set(tagsFor(tags, purpose).map((tag) => tag.code));
  const groups = groupsOf(audience).map((group) => ({
    ...group,
    conditions: group.conditions.filter((one) => known.has(one.tag)),
  }));
  return { match: audience.match ?? "all", groups: groups.filter((group) => group.conditions.length > 0) };
}
