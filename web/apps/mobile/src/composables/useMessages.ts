import { ref } from 'vue'
import { go } from '@/platform/navigate'
import { keep, recall } from '@/platform/storage'
import { markRead, readMessages, unread } from '@/state/messages'
import type { Message } from '@/state/messages'
import { hat } from '@/state/session'
import { usePages } from './usePages'

const PAGE = 20

/** The inbox, narrowed to a topic, page by page; the first page of the last visit at once. */
export function useMessages() {
  const topic = ref('')
  const keptAs = (): string => `seen.messages.${hat.value?.hat_id ?? ''}.${topic.value}`

  const pages = usePages<Message>(async (cursor) => {
    const page = await readMessages({ topic: topic.value || undefined, cursor, limit: PAGE })
    if (!cursor) keep(keptAs(), page.messages)
    return { items: page.messages, next: page.next_cursor }
  })

  function reload(): Promise<void> {
    pages.items.value ??= recall<Message[]>(keptAs())
    return pages.reload()
  }

  function narrow(next: string): void {
    topic.value = next
    pages.items.value = null
    void reload()
  }

  /** Marks it as read and opens what it is about. */
  function open(message: Message): void {
    // A served document counts as read on its own page, once its paper was opened or the person says so.
    if (!message.read_at && message.subject_kind !== 'document') {
      const read_at = new Date().toISOString()
      pages.items.value = (pages.items.value ?? []).map((one) => (one.message_id === message.message_id ? { ...one, read_at } : one))
      void markRead(message.message_id).catch(() => undefined)
    }
    openSubject(message)
  }

  return { topic, unread, ...pages, reload, narrow, open }
}

/** Where a message leads; some only want to be read. */
export function leadsOn(message: Message): boolean {
  return message.subject_id !== null && ['application', 'journey', 'appointment', 'booking', 'complaint', 'document'].includes(message.subject_kind)
}

function openSubject({ subject_kind, subject_id, message_id }: Message): void {
  if (!subject_id) return
  if (subject_kind === 'application') go('application', { id: subject_id })
  else if (subject_kind === 'journey') go('theme', { journey: subject_id })
  else if (subject_kind === 'appointment' || subject_kind === 'booking') go('appointments')
  else if (subject_kind === 'complaint') go('complaints', { id: subject_id })
  else if (subject_kind === 'document') go('served', { message: message_id })
}
