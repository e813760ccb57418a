/** Whose own browser our pages stand in: WeChat's and Alipay's know who holds the phone. */

/** Empty: any other browser, or the mini program, which signs people in its own way. */
export type Host = '' | 'wechat' | 'alipay'

/** Taken from what the browser says of itself; it opens nothing that the platform does not confirm. */
export const host: Host = found()

function found(): Host {
  // #ifdef H5
  const agent = navigator.userAgent
  if (agent.includes('MicroMessenger')) return 'wechat'
  if (agent.includes('AlipayClient')) return 'alipay'
  // #endif
  return ''
}

/** The province's own accounts: by them people sign in who came to the app by no link of ours. */
const ACCOUNTS = { wechat: 'wechat_oa', alipay: 'alipay_life' } as const

/**
 * The account to sign in by: the one the link names, where it is one of this browser's platform; a link of WeChat that is
 * opened in Alipay is signed in by Alipay. Names of Alipay's channels begin with `alipay`.
 */
export function accountFor(via: string): string {
  if (!host) return via
  return via && via.startsWith('alipay') === (host === 'alipay') ? via : ACCOUNTS[host]
}
