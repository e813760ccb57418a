/** Waiting one's turn when many people come at once. */
export const waiting = {
  'waiting.title': '现在办理的人较多',
  'waiting.soon': '马上轮到您',
  'waiting.ahead': '您前面还有',
  'waiting.people': '人',
  'waiting.minutes': '预计 {low}–{high} 分钟轮到您',
  'waiting.minute': '预计 {high} 分钟内轮到您',
  'waiting.hours': '预计 {low}–{high} 小时轮到您',
  'waiting.room': '您在排队：{room}',
  'waiting.leave': '可以先离开，您的位置保留到 {time}',
  'waiting.safe': '已填写的内容存在这部手机里，轮到时自动继续，不用再点',
  'waiting.fair': '先到先办，反复刷新不会变快',
  'waiting.aside': '先看看别的',
  'waiting.give_up': '不等了',
  'waiting.bar': '排队中 · 前面 {ahead} 人 · {when}',
  'waiting.open': '查看排队情况',
  'waiting.resting': '办理的人较多，先让申报缴税通过。办件、消息稍后自动更新。',
}
