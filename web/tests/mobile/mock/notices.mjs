/** What the mock knows of message settings: wishes, consents, bindings, the agreement; each as the house shapes it. */
import { NOW } from './town.mjs'

const choice = (code, title, title_en, is_always, is_chosen = true) => ({ code, title, title_en, is_always, is_chosen })
const WISHES = {
  topics: [
    choice('progress', '办件进度', 'Progress of applications', true),
    choice('policy', '政策和优惠', 'Policies and reliefs', false),
    choice('survey', '服务回访', 'Asking how it went', false, false),
  ],
  ways: [
    choice('inbox', '收件箱', 'Inbox', true),
    choice('wechat', '微信', 'WeChat', false),
    choice('push', '应用推送', 'Notifications', false),
    choice('sms', '短信', 'Text message', false, false),
    choice('email', '电子邮件', 'E-mail', false, false),
  ],
  language: 'zh',
  is_elder: false,
  quiet: { start: '20:00', end: '09:00' },
  changed_at: NOW,
}
const CONSENTS = [
  {
    purpose: 'promotion',
    title: '政策推广和优惠提醒',
    title_en: 'Policies and reliefs that may interest you',
    notice: '2026-11',
    is_given: false,
    decided_at: null,
  },
]
const bound = (address_id, family, family_name, family_name_en, masked, is_reachable = true) => ({
  address_id,
  family,
  family_name,
  family_name_en,
  masked,
  is_reachable,
  bound_at: NOW,
})
const BINDINGS = [
  bound('a1', 'wechat_mini', '微信小程序', 'WeChat mini program', '***eS6o'),
  bound('a2', 'email', '电子邮箱', 'E-mail', 'c***@example.com', false),
  bound(null, 'phone', '手机号', 'Phone', '138****0001'),
]
const AGREEMENT = {
  is_given: true,
  decided_at: NOW,
  form: '税务文书电子送达确认书',
  law: '国家税务总局公告2019年第39号《税务文书电子送达规定（试行）》',
  article: '第三条',
}

export const notices = (on) => [
  on('GET', '/api/messaging/preferences', () => [200, WISHES]),
  on('GET', '/api/messaging/consents', () => [200, CONSENTS]),
  on('GET', '/api/identity/addresses', () => [200, BINDINGS]),
  on('GET', '/api/messaging/service-agreement', () => [200, AGREEMENT]),
]
