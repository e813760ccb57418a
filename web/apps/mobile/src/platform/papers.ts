/** Papers on this phone: taking and choosing them, making pictures smaller, reading them in pieces, showing what is on the server. */

import { openPdf } from './documents'

/** A file that was chosen; `source` is a Blob in browsers, a path in WeChat. */
export interface Chosen {
  name: string
  size: number
  kind: string
  source: Blob | string
}

/** Pictures with a longer side than this are made smaller; text on paper stays readable. */
const LONGEST_SIDE = 2000
const QUALITY = 0.82
/** Smaller pictures are sent as they are. */
const SMALL_BYTES = 400_000
const PERCENT = 100

/** Lets the person take a photo, or choose pictures, or files; empty when they changed their mind. */
export function choosePapers(way: 'camera' | 'album' | 'file', count: number): Promise<Chosen[]> {
  // #ifdef H5
  return new Promise((resolve) => {
    const field = document.createElement('input')
    field.type = 'file'
    field.accept = way === 'file' ? 'image/*,application/pdf' : 'image/*'
    field.multiple = way !== 'camera' && count > 1
    if (way === 'camera') field.setAttribute('capture', 'environment')
    field.style.display = 'none'
    field.onchange = () => {
      const files = [...(field.files ?? [])].slice(0, count)
      field.remove()
      resolve(files.map((file) => ({ name: file.name, size: file.size, kind: file.type, source: file })))
    }
    field.oncancel = () => (field.remove(), resolve([]))
    document.body.append(field)
    field.click()
  })
  // #endif
  // #ifndef H5
  return way === 'file' ? chooseFiles(count) : choosePictures(way as 'camera' | 'album', count)
  // #endif
}

/** A picture made small enough to send; other files, and pictures that cannot be read, stay as they are. */
export async function madeSmaller(chosen: Chosen): Promise<Chosen> {
  if (!/^image\/(jpe?g|png|webp)$/.test(chosen.kind) || chosen.size <= SMALL_BYTES) return chosen
  try {
    // #ifdef H5
    return await smallerBlob(chosen)
    // #endif
    // #ifndef H5
    return await smallerFile(chosen)
    // #endif
  } catch {
    return chosen
  }
}

// #ifdef H5
async function smallerBlob(chosen: Chosen): Promise<Chosen> {
  const picture = await createImageBitmap(chosen.source as Blob)
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  if (!blob || blob.size >= chosen.size) return chosen
  return { name: chosen.name.replace(/\.\w+$/, '') + '.jpg', size: blob.size, kind: 'image/jpeg', source: blob }
}
// #endif

// #ifndef H5
function smallerFile(chosen: Chosen): Promise<Chosen> {
  return new Promise((resolve, reject) => {
    uni.compressImage({
      src: String(chosen.source),
      quality: Math.round(QUALITY * PERCENT),
      compressedWidth: LONGEST_SIDE,
      success: ({ tempFilePath }) => {
        const { size } = uni.getFileSystemManager().statSync(tempFilePath, false) as unknown as { size: number }
        resolve(size < chosen.size ? { ...chosen, size, source: tempFilePath } : chosen)
      },
      fail: reject,
    } as UniApp.CompressImageOptions)
  })
}

function choosePictures(way: 'camera' | 'album', count: number): Promise<Chosen[]> {
  return new Promise((resolve) => {
    uni.chooseImage({
      count,
      sourceType: [way],
      sizeType: ['original'],
      success: (picked) => {
        const files = picked.tempFiles as { path: string; size: number }[]
        resolve(files.map(({ path, size }) => ({ name: path.split('/').pop() ?? '', size, kind: kindOf(path) || 'image/jpeg', source: path })))
      },
      fail: () => resolve([]),
    })
  })
}

function chooseFiles(count: number): Promise<Chosen[]> {
  return new Promise((resolve) => {
    uni.chooseMessageFile({
      count,
      type: 'all',
      extension: ['pdf', 'jpg', 'jpeg', 'png'],
      success: (picked) => {
        const files = picked.tempFiles as { path: string; size: number; name: string }[]
        resolve(files.map(({ path, size, name }) => ({ name, size, kind: kindOf(name), source: path })))
      },
      fail: () => resolve([]),
    })
  })
}

function kindOf(name: string): string {
  const kinds: Record<string, string> = { pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' }
  return kinds[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? ''
}
// #endif

/** The bytes between two places of a file. */
export function readPiece(chosen: Chosen, from: number, until: number): Promise<ArrayBuffer> {
  // #ifdef H5
  return (chosen.source as Blob).slice(from, until).arrayBuffer()
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath: String(chosen.source),
      position: from,
      length: until - from,
      success: ({ data }: { data: string | ArrayBuffer }) => resolve(data as ArrayBuffer),
      fail: reject,
    } as never)
  })
  // #endif
}

/** Opens a paper large: a picture in the viewer, a PDF in the reader of the platform. Rejects when it could not be fetched. */
export async function openPaper(url: string, kind: string, name: string, headers: Record<string, string>): Promise<void> {
  if (kind === 'application/pdf') return openPdf(url, headers, name)
  const address = await pictureOf(url, headers)
  if (!address) throw new Error(name)
  uni.previewImage({ urls: [address] })
}

/** An address that an image can show, of a picture that only the signed-in person may see; '' when it could not be fetched. */
export async function pictureOf(url: string, headers: Record<string, string>): Promise<string> {
  // #ifdef H5
  try {
    const answer = await fetch(url, { headers })
    return answer.ok ? URL.createObjectURL(await answer.blob()) : ''
  } catch {
    return ''
  }
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.downloadFile({
      url,
      header: headers,
      success: (got) => resolve(got.statusCode === 200 ? got.tempFilePath : ''),
      fail: () => resolve(''),
    })
  })
  // #endif
}
