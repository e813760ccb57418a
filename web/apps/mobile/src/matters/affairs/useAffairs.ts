import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { useLoad } from '@/composables/useLoad'
import { openPdf } from '@/platform/documents'
import { api, apiAddress, ownHeaders } from '@/state/api'
import { sayProblem } from '@/state/notice'
import { hat } from '@/state/session'
import { t } from '@/state/text'

export type Section = Schemas['AffairSection']
export type Row = Schemas['AffairRow']
/** Everything, what wants the person, or one section by its code. */
export type Filter = 'all' | 'wants' | Section['code']
export type Form = 'pdf' | 'xlsx'

const wantsMe = (row: Row): boolean => row.state === 'late' || row.state === 'wants'

/** All of a person's affairs by section, filtered; and the same to take away. */
export function useAffairs() {
  const filter = ref<Filter>('all')
  const taking = ref<Form | ''>('')
  const found = useLoad(
    () => api.call('get', '/api/matters/affairs'),
    () => `affairs.${hat.value?.hat_id ?? ''}`,
  )
  const sections = computed<Section[]>(() => found.value.value?.sections ?? [])
  const attention = computed(() => found.value.value?.attention ?? 0)
  const shown = computed<Section[]>(() => {
    if (filter.value === 'all') return sections.value
    if (filter.value !== 'wants') return sections.value.filter((one) => one.code === filter.value)
    return sections.value.filter((one) => one.attention > 0).map((one) => ({ ...one, latest: one.latest.filter(wantsMe) }))
  })

  /** Takes away what is shown now. */
  async function take(form: Form): Promise<void> {
    if (taking.value) return
    taking.value = form
    const only = filter.value === 'all' ? '' : filter.value === 'wants' ? '&wants=true' : `&section=${filter.value}`
    try {
      await openPdf(apiAddress(`/api/matters/affairs/export?format=${form}${only}`), ownHeaders(), t('affairs.title'), form)
    } catch (failure) {
      sayProblem(failure)
    } finally {
      taking.value = ''
    }
  }

  return { ...found, filter, sections, attention, shown, taking, take }
}
