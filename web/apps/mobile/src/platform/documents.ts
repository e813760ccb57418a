/** Opening files that only the signed-in person may read. */

/** Opens a file that needs our headers: a PDF in a new tab, a sheet as a download, both in WeChat's reader. Rejects when it could not be fetched. */
export async function openPdf(url: string, headers: Record<string, string>, fileName: string, kind: 'pdf' | 'xlsx' = 'pdf'): Promise<void> {
  // #ifdef H5
  const tab = kind === 'pdf' ? window.open('', '_blank') : null
  try {
    const answer = await fetch(url, { headers })
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
    const address = URL.createObjectURL(await answer.blob())
    if (tab) tab.location.href = address
    else download(address, `${fileName}.${kind}`)
    setTimeout(() => URL.revokeObjectURL(address), 120_000)
  } catch (failure) {
    tab?.close()
    throw failure
  }
  // #endif
  // #ifndef H5
  const file = await fetchFile(url, headers)
  await new Promise<void>((resolve, reject) => {
    uni.openDocument({
      filePath: file,
      fileType: kind,
      showMenu: true,
      success: () => resolve(),
      fail: (failed: { errMsg?: string }) => reject(new Error(failed.errMsg)),
    } as UniApp.OpenDocumentOptions)
  })
  // #endif
}

// #ifdef H5
function download(address: string, fileName: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
}
// #endif

// #ifndef H5
function fetchFile(url: string, header: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url,
      header,
      success: (got) => (got.statusCode === 200 ? resolve(got.tempFilePath) : reject(new Error(`HTTP ${got.statusCode}`))),
      fail: (failed) => reject(new Error(failed.errMsg)),
    })
  })
}
// #endif

/** A file the person picked. */
export interface PickedFile {
  name: string
  content: Blob | string
}

/** Lets the person pick one file of the given endings; null when they changed their mind. */
export function pickFile(endings: string[]): Promise<PickedFile | null> {
  // #ifdef H5
  return new Promise((resolve) => {
    const field = document.createElement('input')
    field.type = 'file'
    field.accept = endings.map((ending) => `.${ending}`).join(',')
    field.style.display = 'none'
    field.onchange = () => {
      const file = field.files?.[0]
      field.remove()
      resolve(file ? { name: file.name, content: file } : null)
    }
    field.oncancel = () => (field.remove(), resolve(null))
    document.body.append(field)
    field.click()
  })
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.chooseMessageFile({
      count: 1,
      type: 'all',
      extension: endings,
      success: (picked) => {
        const file = (picked.tempFiles as { name: string; path: string }[])[0]
        resolve(file ? { name: file.name, content: file.path } : null)
      },
      fail: () => resolve(null),
    })
  })
  // #endif
}
