import { api } from '@/state/api'
import { ACCOMPANYING } from '@/state/resting'
import { hat } from '@/state/session'
import { go, goAddress } from '@/platform/navigate'
import type { Schemas } from '@palmtax/api'
import { useLoad } from './useLoad'

export type Feature = Schemas['FeatureOut']

/** What the taxpayer's city offers of its own; kept for the next visit, so that the row does not jump. */
export function useFeatures() {
  const list = useLoad<Feature[]>(
    () => api.call('get', '/api/partners/features', { query: {}, headers: ACCOMPANYING }),
    () => `features.${hat.value?.hat_id ?? ''}`,
  )
  function open(one: Feature): void {
    if (one.place) goAddress(one.place)
    else go('feature', { id: one.feature_id })
  }
  return { list, open }
}
