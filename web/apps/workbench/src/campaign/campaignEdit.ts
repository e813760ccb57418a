import { computed, ref, shallowRef, watch } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { allowed, completed } from "./campaignAudience";
import {
  readPreview,
  rewriteCampaign,
  writeCampaign,
  type Campaign,
  type CampaignIn,
  type Preview,
  type Purpose,
  type Setup,
} from "./campaignCall";

const COUNT_AFTER_MS = 350;
const NO_WORDS = { headline: "", words: "", brief: "", headline_en: "", words_en: "", brief_en: "" };

/** A campaign as it is being written: the count follows every change of the audience. */
export function useDraft(setup: Setup, from: Campaign | null) {
  const draft = ref<CampaignIn>(
    from
      ? {
          name: from.name, template: from.template, words: from.words, audience: from.audience, goal: from.goal,
          goal_days: from.goal_days, holdout_bp: from.holdout_bp, stages: from.stages,
          segment_id: from.segment_id ?? null, segment_version: from.segment_version ?? null,
        } // prettier-ignore
      : {
          name: "", template: setup.frames[0]?.code ?? "", words: { ...NO_WORDS }, audience: { match: "all", groups: [] },
          goal: "filed", goal_days: 14, holdout_bp: setup.holdout_bp, stages: setup.stages, segment_id: null,
          segment_version: null,
        }, // prettier-ignore
  );
  const preview = shallowRef<Preview | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const isBusy = ref(false);
  const frame = computed(() => setup.frames.find((one) => one.code === draft.value.template));
  const purpose = computed<Purpose>(() => frame.value?.purpose ?? "promotion");
  let timer = 0;
  let latest = 0;

  async function count(): Promise<void> {
    const turn = ++latest;
    try {
      const found = await readPreview(completed(draft.value.audience), purpose.value);
      if (turn === latest) [preview.value, error.value] = [found, null];
    } catch (failure) {
      if (turn === latest) error.value = asApiError(failure);
    }
  }
  watch(purpose, () => (draft.value.audience = allowed(draft.value.audience, setup.tags, purpose.value)));
  watch(
    [() => JSON.stringify(completed(draft.value.audience)), purpose],
    () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void count(), COUNT_AFTER_MS);
    },
    { immediate: true },
  );

  async function save(): Promise<Campaign | null> {
    [isBusy.value, error.value] = [true, null];
    const body = { ...draft.value, audience: completed(draft.value.audience) };
    try {
      return await (from ? rewriteCampaign(from.campaign_id, from.version, body) : writeCampaign(body));
    } catch (failure) {
      error.value = asApiError(failure);
      return null;
    } finally {
      isBusy.value = false;
    }
  }
  return { draft, preview, error, isBusy, frame, purpose, save };
}
