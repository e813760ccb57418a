/** Copy of the taxpayer app, area features: what a city offers of its own. */
export const features = {
  'features.title': '本地特色',
  'features.closed': '服务时间 {opens}',
  'features.whose': '由 {organisation} 提供，不是税务机关的页面',
  'features.help': '有问题请打 {phone}',
  'features.ask': '“{title}”需要看您的资料',
  'features.why': '用途：{why}',
  'features.for': '用当前身份：{title}',
  'features.back': '同意后 90 天有效，随时能在“我的 → 第三方授权”收回。它不会得到您的密码，也不能替您提交或缴税。',
  'features.agree': '同意并打开',
  'features.refuse': '不同意',
  'features.close': '返回掌税',
}
