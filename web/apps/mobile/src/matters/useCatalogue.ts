import { computed, ref, shallowRef } from 'vue'
import { groupsFor, themesFor, whoOf } from '@palmtax/flow'
import type { Catalogue, TaxpayerLike } from '@palmtax/flow'
import { keep, recall } from '@/platform/storage'
import { api } from '@/state/api'
import { readCatalogue } from '@/state/matters'
import { problemWords } from '@/state/problems'
import type { ProblemWords } from '@/state/problems'
import { hat } from '@/state/session'

const KEPT = 'catalogue'

/** One for all screens: the second visit draws it at once, without a network too. */
const catalogue = shallowRef<Catalogue | null>(null)

/** What the hat's taxpayer is, in the register; asked once for each hat. */
const taxpayer = shallowRef<TaxpayerLike | null>(null)
let askedFor = ''

/** The catalogue and who may do what under the hat that is worn. */
export function useCatalogue() {
  const problem = ref<ProblemWords | null>(null)
  catalogue.value ??= recall<Catalogue>(KEPT)
  const mine = computed(() => whoOf(hat.value, taxpayer.value))
  const groups = computed(() => (catalogue.value ? groupsFor(catalogue.value, mine.value) : []))
  const themes = computed(() => (catalogue.value ? themesFor(catalogue.value, mine.value) : []))

  async function reload(): Promise<void> {
    void readTaxpayer()
    try {
      const fresh = await readCatalogue(catalogue.value?.version)
      problem.value = null
      if (!fresh) return
      catalogue.value = fresh
      keep(KEPT, fresh)
    } catch (failure) {
      problem.value = problemWords(failure)
    }
  }

  return { catalogue, groups, themes, mine, problem, reload }
}

async function readTaxpayer(): Promise<void> {
  const key = hat.value?.hat_id ?? ''
  if (key === askedFor) return
  taxpayer.value = null
  if (!key || hat.value?.kind === 'self' || hat.value?.kind === 'officer') {
    askedFor = key
    return
  }
  const found = await api.call('get', '/api/registry/taxpayer').catch(() => null)
  if (key !== hat.value?.hat_id) return
  taxpayer.value = found?.kind ? found : null
  if (found) askedFor = key
}
