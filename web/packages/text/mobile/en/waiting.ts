/** Waiting one's turn when many people come at once. */
export const waiting = {
  'waiting.title': 'Many people are here now',
  'waiting.soon': 'It is nearly your turn',
  'waiting.ahead': 'Before you',
  'waiting.people': 'people',
  'waiting.minutes': 'Your turn in about {low}–{high} minutes',
  'waiting.minute': 'Your turn within {high} minutes',
  'waiting.hours': 'Your turn in about {low}–{high} hours',
  'waiting.room': 'You wait for: {room}',
  'waiting.leave': 'You may leave: your place is kept until {time}',
  'waiting.safe': 'What you entered is kept on this phone and goes on by itself when it is your turn',
  'waiting.fair': 'First come, first served: reloading does not make it faster',
  'waiting.aside': 'Look at something else',
  'waiting.give_up': 'Stop waiting',
  'waiting.bar': 'In line · {ahead} before you · {when}',
  'waiting.open': 'See your place in line',
  'waiting.resting': 'Many people are here: returns and payments go first. Applications and messages follow by themselves.',
}
