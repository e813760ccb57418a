import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { api } from '@/state/api'
import { language } from '@/state/preferences'
import { t } from '@/state/text'
import { useLoad } from './useLoad'

export type ExplainedLine = Schemas['ExplainedLineOut']
export type Citation = Schemas['Citation']

/** What is explained: a draft or a filed return, and the field the person came from. */
export interface ExplainedPlace {
  draftId: string
  returnId: string
  field: string
}

/** A part of the receipt: the steps of one tax, or what they come to. */
export interface ReceiptPart {
  name: string
  title: string
  lines: ExplainedLine[]
  /** What is on the screen now; fewer than `lines` while the part is folded. */
  shown: ExplainedLine[]
}

/** Parts with more lines than this begin folded. */
const FOLD_AFTER = 5
const RESULT = 'result'

/** Why this much: the receipt in its parts, folded when long, and the article that is open. */
export function useExplanation(place: ExplainedPlace) {
  const explanation = useLoad(
    () => read(place),
    () => `explanation.${place.draftId || place.returnId}.${language.value}`,
  )
  const opened = ref<string[]>([])
  const cited = ref<ExplainedLine | null>(null)
  const isMarked = (line: ExplainedLine): boolean =>
    place.field !== '' && (line.code === place.field || line.code.endsWith(`.${place.field}`))

  const parts = computed(() =>
    inParts(explanation.value.value?.lines ?? []).map(([name, lines], place_no): ReceiptPart => {
      const isOpen = lines.length <= FOLD_AFTER || opened.value.includes(name) || lines.some(isMarked)
      const key = place_no === 0 || name === RESULT ? lines.filter(isKey) : []
      return { name, title: partTitle(name), lines, shown: isOpen ? lines : key }
    }),
  )
  const open = (part: ReceiptPart): void => void opened.value.push(part.name)
  return { explanation, parts, open, isMarked, cited }
}

/** Lines are named `<part>.<step>`; those without a part are the result and come last. */
function inParts(lines: ExplainedLine[]): [string, ExplainedLine[]][] {
  const parts = new Map<string, ExplainedLine[]>()
  for (const line of lines) {
    const name = line.code.includes('.') ? line.code.split('.')[0]! : RESULT
    parts.set(name, [...(parts.get(name) ?? []), line])
  }
  return [...parts].sort(([one], [other]) => Number(one === RESULT) - Number(other === RESULT))
}

/** What stays while a part is folded: amounts that the part hands on and that are not zero. */
function isKey(line: ExplainedLine): boolean {
  return line.is_output && line.unit === 'fen' && line.value !== 0
}

function partTitle(name: string): string {
  if (name === 'vat_small_scale' || name === 'surcharges' || name === RESULT) return t(`explanation.part_${name}`)
  return t(name.startsWith('late') ? 'explanation.part_late' : 'explanation.part_other')
}

function read(place: ExplainedPlace): Promise<Schemas['ExplanationOut']> {
  return place.returnId
    ? api.call('get', '/api/filing/returns/{return_id}/explanation', { path: { return_id: place.returnId } })
    : api.call('get', '/api/filing/drafts/{draft_id}/explanation', { path: { draft_id: place.draftId } })
}
