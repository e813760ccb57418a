import { computed } from 'vue'
import { inOurs, t } from '@/state/text'
import type { Fact } from './facts'
import type { useResult } from './useResult'

/** What is said above a result that is not the newest, and in its place while there is none. */
export function useNotice(result: ReturnType<typeof useResult>, facts: () => Fact[]) {
  const asking = computed(() => {
    const codes = result.missing.value
    const fact = facts().find((one) => one.code === codes[0])
    if (!fact) return ''
    return t(codes.length > 1 ? 'calculator.waiting' : 'calculator.first_fill', { label: inOurs(fact, 'label'), count: codes.length })
  })
  const trouble = computed(() => {
    const problem = result.problem.value
    if (!problem) return ''
    if (problem.isOffline) return t(result.shown.value ? 'calculator.offline_kept' : 'calculator.offline')
    return result.refused.value ? t('calculator.mend') : [problem.text, problem.hint].filter(Boolean).join('。')
  })
  const notice = computed(() => {
    if (!result.isOld.value) return ''
    return trouble.value || asking.value || t('calculator.mend')
  })
  const waiting = computed(() => trouble.value || asking.value || t('calculator.working'))
  return { notice, waiting }
}
