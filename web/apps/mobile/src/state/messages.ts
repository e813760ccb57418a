/** The inbox: its calls, and how many are unread, for the dot on its tab. */
import { ref } from 'vue'
import { loose } from './matters'
import { ACCOMPANYING } from './resting'

export interface Message {
  message_id: string
  template: string
  topic: string
  title: string
  title_en: string
  body: string
  body_en: string
  subject_kind: string
  subject_id: string | null
  created_at: string
  read_at: string | null
}
export interface MessagePage {
  messages: Message[]
  next_cursor: string | null
  unread: number
}

export const unread = ref(0)

export async function readMessages(
  query: { topic?: string; cursor?: string | null; limit?: number },
  headers?: Record<string, string>,
): Promise<MessagePage> {
  const page = await loose.call<MessagePage>('get', '/api/messaging/messages', { query, headers })
  unread.value = page.unread
  return page
}

/** This person has opened it. */
export async function markRead(id: string): Promise<void> {
  await loose.call('post', '/api/messaging/messages/{id}/reading', { path: { id } })
  unread.value = Math.max(0, unread.value - 1)
}

/** Asks how many are unread; no answer changes nothing. */
export function refreshUnread(): void {
  readMessages({ limit: 1 }, ACCOMPANYING).catch(() => undefined)
}
