import { onUnmounted, ref, shallowRef } from 'vue'
import type { Schemas } from '@palmtax/api'
import { back, goAddress } from '@/platform/navigate'
import { api } from '@/state/api'
import { sayProblem } from '@/state/notice'
import { useLoad } from './useLoad'

export type OpenedFeature = Schemas['FeatureOpenedOut']

/** Opening one feature: first the person's word when it asks for data, then the page with its bridge. */
export function useFeature(id: () => string) {
  const path = () => ({ path: { feature_id: id() } })
  const opened = useLoad<OpenedFeature>(async () => {
    const found = await api.call('post', '/api/partners/features/{feature_id}/opening', path())
    if (found.state === 'ours') goAddress(found.place)
    return found
  })
  const busy = ref(false)
  const title = ref('')
  const height = ref(0)
  const inside = shallowRef<Window | null>(null)

  async function agree(): Promise<void> {
    busy.value = true
    try {
      await api.call('post', '/api/partners/features/{feature_id}/consent', path())
      await opened.reload()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = false
    }
  }

  // #ifdef H5
  function heard(event: MessageEvent): void {
    if (event.origin !== location.origin || !inside.value || event.source !== inside.value) return
    const told = event.data as { palmtax?: string; title?: string; height?: number }
    if (told.palmtax === 'close') back()
    if (told.palmtax === 'title') title.value = told.title ?? ''
    if (told.palmtax === 'resize') height.value = told.height ?? 0
  }
  window.addEventListener('message', heard)
  onUnmounted(() => window.removeEventListener('message', heard))
  // #endif

  return { opened, busy, title, height, inside, agree }
}
