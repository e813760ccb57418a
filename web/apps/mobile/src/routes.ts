/** The screens there are. Areas are sub-packages of the mini program. */
export const routes = {
  home: '/pages/home/index',
  signIn: '/pages/sign-in/index',
  messages: '/pages/messages/index',
  me: '/pages/me/index',
  return: '/filing/return/index',
  explanation: '/filing/explanation/index',
  done: '/filing/done/index',
  history: '/filing/history/index',
  returnDetail: '/filing/detail/index',
  calendar: '/filing/calendar/index',
  invoices: '/invoices/list/index',
  invoice: '/invoices/detail/index',
  importInvoices: '/invoices/import/index',
  invoiceByHand: '/invoices/hand/index',
  pay: '/payment/pay/index',
  certificates: '/certificates/list/index',
  authorisations: '/account/authorisations/index',
  grant: '/account/grant/index',
  devices: '/account/devices/index',
  scan: '/account/scan/index',
  realName: '/account/real-name/index',
  about: '/account/about/index',
  agreement: '/account/agreement/index',
} as const

export type RouteName = keyof typeof routes
