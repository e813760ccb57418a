import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { api } from '@/state/api'
import { language } from '@/state/preferences'
import { useLoad } from './useLoad'

export type ExplainedLine = Schemas['ExplainedLineOut']
export type Citation = Schemas['Citation']

/** What is explained: a draft or a filed return, and the field the person came from. */
export interface ExplainedPlace {
  draftId: string
  returnId: string
  field: string
}

/** More lines than this fold. */
const FOLD_AFTER = 8

/** Why this much: the lines of the receipt, folded when long, and the article that is open. */
export function useExplanation(place: ExplainedPlace) {
  const explanation = useLoad(
    () => read(place),
    () => `explanation.${place.draftId || place.returnId}.${language.value}`,
  )
  const isUnfolded = ref(false)
  const openCitation = ref<Citation | null>(null)
  const all = computed(() => explanation.value.value?.lines ?? [])
  const isLong = computed(() => all.value.length > FOLD_AFTER)
  const lines = computed(() => (isUnfolded.value || place.field ? all.value : folded(all.value)))
  return { explanation, lines, isLong, isUnfolded, openCitation }
}

/** The outcomes and what is right before them stay; the rest waits behind one tap. */
function folded(lines: ExplainedLine[]): ExplainedLine[] {
  if (lines.length <= FOLD_AFTER) return lines
  const outputs = lines.filter((line) => line.is_output)
  return outputs.length >= 3 ? outputs : lines.slice(0, FOLD_AFTER)
}

function read(place: ExplainedPlace): Promise<Schemas['ExplanationOut']> {
  return place.returnId
    ? api.call('get', '/api/filing/returns/{return_id}/explanation', { path: { return_id: place.returnId } })
    : api.call('get', '/api/filing/drafts/{draft_id}/explanation', { path: { draft_id: place.draftId } })
}
