/** News that the server sends by itself. Browsers read the stream with our headers (EventSource cannot carry a token); WeChat has none. */
import { embedded } from './embedded'

/** Whether this platform can listen; where it cannot, the app asks from time to time. */
export function canListen(): boolean {
  // #ifdef H5
  return !embedded && typeof ReadableStream !== 'undefined' && typeof AbortController !== 'undefined'
  // #endif
  // #ifndef H5
  return false
  // #endif
}

/** Listens until it is stopped or the stream ends; resolves when it ended. `heard` gets the name and the data of each event. */
export async function listen(
  url: string,
  headers: Record<string, string>,
  heard: (name: string, data: string) => void,
  stopped: { stop: () => void },
): Promise<void> {
  // #ifdef H5
  const control = new AbortController()
  stopped.stop = () => control.abort()
  const answer = await fetch(url, { headers: { ...headers, Accept: 'text/event-stream' }, signal: control.signal })
  if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`)
  const reader = answer.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text += decoder.decode(value, { stream: true })
    const events = text.split(/\r?\n\r?\n/)
    text = events.pop() ?? ''
    for (const event of events) tell(event, heard)
  }
  // #endif
  // #ifndef H5
  void url
  void headers
  void heard
  stopped.stop = () => undefined
  // #endif
}

// #ifdef H5
function tell(event: string, heard: (name: string, data: string) => void): void {
  const field = (name: string): string =>
    event
      .split(/\r?\n/)
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim())
      .join('\n')
  const data = field('data')
  if (data) heard(field('event') || 'message', data)
}
// #endif
