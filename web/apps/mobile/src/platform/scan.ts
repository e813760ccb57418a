/** Reading a QR code. */

interface Detector {
  detect(image: ImageBitmap): Promise<{ rawValue: string }[]>
}

/** The text of a QR code in front of the camera; null when the person gave up or none was seen. */
export function scanCode(): Promise<string | null> {
  // #ifdef MP-WEIXIN
  return new Promise((resolve) => {
    uni.scanCode({ scanType: ['qrCode'], success: (seen) => resolve(seen.result), fail: () => resolve(null) })
  })
  // #endif
  // #ifndef MP-WEIXIN
  return photograph().then((photo) => (photo ? readCode(photo) : null))
  // #endif
}

// #ifndef MP-WEIXIN
function photograph(): Promise<File | null> {
  return new Promise((resolve) => {
    const field = document.createElement('input')
    field.type = 'file'
    field.accept = 'image/*'
    field.setAttribute('capture', 'environment')
    field.onchange = () => resolve(field.files?.[0] ?? null)
    field.oncancel = () => resolve(null)
    field.click()
  })
}

async function readCode(photo: File): Promise<string | null> {
  const Maker = (globalThis as unknown as { BarcodeDetector: new (options: object) => Detector }).BarcodeDetector
  const seen = await new Maker({ formats: ['qr_code'] }).detect(await createImageBitmap(photo))
  return seen[0]?.rawValue ?? null
}
// #endif
