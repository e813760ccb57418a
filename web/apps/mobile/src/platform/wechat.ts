/** WeChat's own doors: sign-in code, phone number, payment. In a browser they say that they are not there. */
import type { Schemas } from '@palmtax/api'
import { embedded } from './embedded'
import { CHANNEL } from './http'

/** True inside the mini program. */
export const isMiniProgram: boolean = CHANNEL === 'miniprogram'

/** A one-time code that proves the WeChat account to the server. */
export function loginCode(): Promise<string> {
  // #ifdef MP-WEIXIN
  return new Promise((resolve, reject) => {
    uni.login({ provider: 'weixin', success: (done) => resolve(done.code), fail: (failed) => reject(new Error(failed.errMsg)) })
  })
  // #endif
  // #ifndef MP-WEIXIN
  return Promise.reject(new Error('WeChat sign-in exists only in the mini program'))
  // #endif
}

/** How WeChat's payment panel was left. */
export type PaymentPanel = 'paid' | 'cancelled' | 'failed'

/** Opens WeChat's payment panel; out of another application's page in a window of its own. What it says is only a hint: the server asks the channel. */
export function openPaymentPanel(parameters: Schemas['WeChatPayOut']): Promise<PaymentPanel> {
  // #ifdef MP-WEIXIN
  return new Promise((resolve) => {
    uni.requestPayment({
      provider: 'wxpay',
      orderInfo: {},
      timeStamp: parameters.time_stamp ?? '',
      nonceStr: parameters.nonce_str ?? '',
      package: parameters.package ?? '',
      signType: 'RSA',
      paySign: parameters.pay_sign ?? '',
      success: () => resolve('paid'),
      fail: (failed) => resolve(/cancel/.test(failed.errMsg) ? 'cancelled' : 'failed'),
    })
  })
  // #endif
  // #ifndef MP-WEIXIN
  if (embedded) {
    window.open(parameters.h5_url ?? '', '_blank', 'noopener')
    return Promise.resolve('paid')
  }
  location.href = withWayBack(parameters.h5_url ?? '')
  return new Promise(() => {})
  // #endif
}

/** The cashier's page with the address it shall come back to. */
export function withWayBack(cashier: string): string {
  const joint = cashier.includes('?') ? '&' : '?'
  return `${cashier}${joint}redirect_url=${encodeURIComponent(location.href)}`
}
