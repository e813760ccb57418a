import { computed, shallowRef } from 'vue'
import { byUrgency } from '@palmtax/flow'
import type { ApplicationCard } from '@palmtax/flow'
import { readApplications } from '@/state/matters'
import { ACCOMPANYING } from '@/state/resting'
import { hat } from '@/state/session'
import { usedMatters } from '@/state/used'
import type { UsedMatter } from '@/state/used'
import { useLoad } from './useLoad'

const SHOWN = 3
const USED = 2

/** On the home screen: applications that wait for their person, and the matters this phone opens often. */
export function useHomeMatters() {
  const mine = useLoad<ApplicationCard[]>(readWaiting, () => `waiting.${hat.value?.hat_id ?? ''}`)
  const used = shallowRef<UsedMatter[]>([])
  const waiting = computed(() => byUrgency(mine.value.value ?? []).slice(0, SHOWN))

  async function reload(): Promise<void> {
    used.value = usedMatters(USED)
    await mine.reload()
  }

  return { waiting, used, reload }
}

/** What was asked back first, then what was begun, then what is under way. */
async function readWaiting(): Promise<ApplicationCard[]> {
  const [open, drafts] = await Promise.all([
    readApplications({ group: 'open' }, ACCOMPANYING),
    readApplications({ group: 'drafts' }, ACCOMPANYING),
  ])
  return [...open.applications, ...drafts.applications]
}
