import { computed, onUnmounted, ref, shallowRef } from 'vue'
import type { Schemas } from '@palmtax/api'
import { pickFile } from '@/platform/documents'
import { api } from '@/state/api'
import { newKey } from '@/state/identifiers'
import { sayProblem } from '@/state/notice'
import { useLoad } from './useLoad'
import { usePages } from './usePages'

export type Import = Schemas['ImportOut']

const ASK_AGAIN_MS = 900
const ENDINGS = ['xml', 'csv', 'zip']

/** Importing a file: pick, send, watch it run, read what became of each row. */
export function useImport() {
  const current = shallowRef<Import | null>(null)
  const isSending = ref(false)
  const outcome = ref<'' | 'duplicate' | 'refused'>('')
  const earlier = useLoad(() => api.call('get', '/api/invoice/imports'))
  let isGone = false
  onUnmounted(() => (isGone = true))

  const rows = usePages(async (cursor: string | null) => {
    if (!current.value) return { items: [], next: null }
    const path = { import_id: current.value.import_id }
    const query = { cursor, ...(outcome.value && { outcome: outcome.value }) }
    const page = await api.call('get', '/api/invoice/imports/{import_id}/rows', { path, query })
    return { items: page.rows, next: page.next_cursor }
  })
  const isRunning = computed(() => current.value?.state === 'queued' || current.value?.state === 'running')
  const percent = computed(() => (current.value?.total_rows ? Math.floor((current.value.done_rows * 100) / current.value.total_rows) : 0))

  async function choose(): Promise<void> {
    const file = await pickFile(ENDINGS)
    if (!file) return
    isSending.value = true
    try {
      const kind = file.name.toLowerCase().endsWith('.csv') ? 'platform_csv' : 'einvoice_xml'
      await watch(
        await api.upload('/api/invoice/imports', {
          file: file.content,
          fileName: file.name,
          fields: { kind },
          headers: { 'Idempotency-Key': newKey() },
        }),
      )
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isSending.value = false
    }
  }

  /** Follows an import until it has ended, then shows its rows. */
  async function watch(begun: Import): Promise<void> {
    current.value = begun
    isSending.value = false
    while (!isGone && isRunning.value && current.value) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
      current.value = await api.call('get', '/api/invoice/imports/{import_id}', { path: { import_id: begun.import_id } })
    }
    if (!isGone) await rows.reload()
  }

  function narrow(next: '' | 'duplicate' | 'refused'): void {
    outcome.value = next
    void rows.reload()
  }

  return { current, isSending, isRunning, percent, earlier, rows, outcome, choose, watch, narrow }
}
