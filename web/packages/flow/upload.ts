/** A file in pieces: from where it stopped, once more when a piece was lost, without asking the person again. */

export interface Begun {
  upload_id: string
  offset: number
  chunk_bytes: number
}
export interface Put<Paper> {
  offset: number
  is_complete: boolean
  paper?: Paper | null
}

/** What an upload needs of the outside. */
export interface UploadWays<Paper> {
  begin: () => Promise<Begun>
  where: (uploadId: string) => Promise<{ offset: number }>
  put: (uploadId: string, offset: number, bytes: ArrayBuffer) => Promise<Put<Paper>>
  read: (from: number, until: number) => Promise<ArrayBuffer>
  pause: (ms: number) => Promise<void>
  /** Whether a failure will not go away by trying again. */
  isFinal: (failure: unknown) => boolean
  /** Keeps which upload it is, so that a restart goes on with it; null when it is done. */
  keep: (begun: Begun | null) => void
  tell: (offset: number) => void
}

const TRIES = 6
const FIRST_PAUSE_MS = 400
const MOST_PAUSE_MS = 8000

/** Sends all of it; rejects with the last failure when trying again does not help. */
export async function uploadInPieces<Paper>(size: number, ways: UploadWays<Paper>, kept: Begun | null = null): Promise<Paper | null> {
  let begun = kept ? await resumed(kept, ways) : null
  begun ??= await ways.begin()
  ways.keep(begun)
  let { offset } = begun
  let failures = 0
  ways.tell(offset)
  for (;;) {
    try {
      const until = Math.min(offset + begun.chunk_bytes, size)
      const put = await ways.put(begun.upload_id, offset, await ways.read(offset, until))
      offset = put.offset
      failures = 0
      ways.tell(offset)
      if (put.is_complete) {
        ways.keep(null)
        return put.paper ?? null
      }
    } catch (failure) {
      failures += 1
      if (ways.isFinal(failure) || failures >= TRIES) {
        if (ways.isFinal(failure)) ways.keep(null)
        throw failure
      }
      await ways.pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MOST_PAUSE_MS))
      offset = await ways.where(begun.upload_id).then(
        (now) => now.offset,
        () => offset,
      )
      ways.tell(offset)
    }
  }
}

/** Where a kept upload stands; null when the server no longer knows it. */
async function resumed<Paper>(kept: Begun, ways: UploadWays<Paper>): Promise<Begun | null> {
  try {
    return { ...kept, offset: (await ways.where(kept.upload_id)).offset }
  } catch (failure) {
    if (!ways.isFinal(failure)) return kept
    ways.keep(null)
    return null
  }
}
