/** Carries requests: fetch in the browser, wx.request and wx.uploadFile in the mini program. */
import { fetchTransport } from '@palmtax/api'
import type { HttpRequest, HttpResponse, Transport } from '@palmtax/api'

/** How long a phone waits for an answer, milliseconds. */
const PATIENCE_MS = 20_000

/** The platform's way of sending a request. */
export const transport: Transport = (request) => {
  // #ifdef H5
  return fetchTransport(request)
  // #endif
  // #ifndef H5
  return request.upload ? upload(request) : send(request)
  // #endif
}

// #ifndef H5
function send(request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: request.url,
      method: request.method as 'GET',
      header: request.headers,
      data: request.bytes ?? request.body,
      dataType: 'text',
      responseType: 'text',
      timeout: PATIENCE_MS,
      success: (answer) => resolve({ status: answer.statusCode, body: String(answer.data ?? ''), headers: answer.header ?? {} }),
      fail: (failure) => reject(new Error(failure.errMsg)),
    })
  })
}

function upload(request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const part = request.upload!
    uni.uploadFile({
      url: request.url,
      filePath: String(part.file),
      name: part.partName,
      header: request.headers,
      formData: part.fields,
      success: (answer) => resolve({ status: answer.statusCode, body: answer.data, headers: {} }),
      fail: (failure) => reject(new Error(failure.errMsg)),
    })
  })
}
// #endif

/** The API's origin: the page's own in the browser, the one of the build in the mini program. */
export const API_BASE: string = __API_BASE__

/** The channel this build is, as the server records it. */
export const CHANNEL: 'miniprogram' | 'h5' | 'app' = channel()

function channel(): 'miniprogram' | 'h5' | 'app' {
  // #ifdef MP-WEIXIN
  return 'miniprogram'
  // #endif
  // #ifndef MP-WEIXIN
  return navigator.userAgent.includes('PalmTaxApp') ? 'app' : 'h5'
  // #endif
}
