/** Copy of the taxpayer app, area my affairs: everything of a person in one place. */
export const affairs = {
  'affairs.title': '我的事',
  'affairs.me_note': '进度、缴款、发票、证明都在这里',
  'affairs.filter': '只看一类',
  'affairs.all': '全部',
  'affairs.wants': '要我办的 {count}',
  'affairs.wants_none': '要我办的',
  'affairs.count': '{count} 项',
  'affairs.see_all': '看{title}',
  'affairs.calm': '没有要您办的',
  'affairs.calm_note': '有要您办的，会排在这里，也会发消息告诉您。',
  'affairs.pdf': '导出 PDF',
  'affairs.xlsx': '导出表格',
  'affairs.exported_note': '导出现在看到的这一类，每类最多 1,000 条。',
  'affairs.offline': '现在没有网络。下面是上次看到的内容。',
}
