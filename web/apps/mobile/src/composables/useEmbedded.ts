import { ref } from 'vue'
import { embedded, tellAround, watchHeight } from '@/platform/embedded'
import { restartAddress } from '@/platform/navigate'
import { routes } from '@/routes'
import { api } from '@/state/api'
import { say } from '@/state/notice'
import { problemWords } from '@/state/problems'
import type { ProblemWords } from '@/state/problems'
import { t } from '@/state/text'
import { closeVisit, keepToScreens, openVisit, visit } from '@/state/visit'

/** Begins as one screen inside another application: no other opens, and the page around hears how high it is. */
export function startEmbedded(): void {
  if (!embedded) return
  keepToScreens((path) => {
    if (path === routes.home) void leaveVisit()
    else say(t('embed.elsewhere'), true)
  })
  let last = 0
  watchHeight((height) => {
    if (!visit.value || height === last) return
    last = height
    tellAround(visit.value.origins, 'height', { height })
  })
}

/** Leaves the screen: its session ends at once; without a connection it ends by itself within a quarter of an hour. */
export async function leaveVisit(): Promise<void> {
  await api.call('delete', '/api/partners/embeds/own').catch(() => undefined)
  closeVisit()
}

/** The entry: the ticket opens the screen, once. */
export function useEmbedded() {
  const problem = ref<ProblemWords | null>(null)

  async function enter(): Promise<void> {
    problem.value = null
    if (!embedded?.ticket) return
    try {
      const body = { client_id: embedded.app, ticket: embedded.ticket }
      const opened = await api.call('post', '/api/partners/embeds/opening', { body })
      embedded.ticket = ''
      openVisit(opened)
      restartAddress(opened.place)
    } catch (failure) {
      problem.value = problemWords(failure)
    }
  }

  return { problem, enter }
}
