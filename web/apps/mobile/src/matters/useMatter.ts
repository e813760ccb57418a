import { computed, ref } from 'vue'
import { hatsFor } from '@palmtax/flow'
import type { Matter } from '@palmtax/flow'
import { useLoad } from '@/composables/useLoad'
import { go } from '@/platform/navigate'
import { readMatter, startApplication } from '@/state/matters'
import { sayProblem } from '@/state/notice'
import { hat, me } from '@/state/session'
import { rememberMatter } from '@/state/used'

/** One matter: what it is, whether this hat may start it, a draft to go on with. */
export function useMatter(place: { code: string }) {
  const page = useLoad<Matter>(
    () => readMatter(place.code),
    () => `matter.${hat.value?.hat_id ?? ''}.${place.code}`,
  )
  const isBusy = ref(false)
  /** Other hats of this person under which it may be possible. */
  const otherHats = computed(() => {
    const matter = page.value.value
    return matter ? hatsFor(matter.who, me.value?.hats ?? []).filter((one) => one.hat_id !== hat.value?.hat_id) : []
  })

  async function start(fresh = false): Promise<void> {
    const matter = page.value.value
    if (!matter || isBusy.value) return
    isBusy.value = true
    try {
      rememberMatter(matter)
      const begun = await startApplication(matter.code, fresh)
      go('fill', { id: begun.application_id })
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isBusy.value = false
    }
  }

  return { page, isBusy, otherHats, start }
}
