import { expect, test } from 'vitest'
import { addAnswer, afterSent, dropAnswer, overlay, rebase } from '../index'
import { application, ask } from './examples'

const base = () => application([ask('a', { value: 'old' }), ask('b'), ask('c', { value: 7, is_locked: true })])

test('answers lie over what the server has, with the person as their origin', () => {
  const one = base()
  const waiting = addAnswer(addAnswer(null, one, 'a', 'new', 1200), one, 'b', 'x')
  expect(waiting).toEqual({ version: 3, answers: { a: 'new', b: 'x' }, seen: { a: 'old', b: null }, spent_ms: { a: 1200 } })
  const [a, b, c] = overlay(one, { ...waiting, answers: { ...waiting.answers, c: 9 } }).sections[0]!.asks
  expect([a!.value, b!.value, c!.value]).toEqual(['new', 'x', 7])
  expect(a!.origin?.source).toBe('person')
})

test('on a newer version own answers are kept, agreeing ones dropped, clashes named', () => {
  const waiting = addAnswer(addAnswer(null, base(), 'a', 'mine'), base(), 'b', 'x')
  const fresh = application([ask('a', { value: 'theirs' }), ask('b', { value: 'x' })], { version: 9 })
  const { waiting: again, clashes } = rebase(fresh, waiting)
  expect(again).toMatchObject({ version: 9, answers: { a: 'mine' }, seen: { a: 'theirs' } })
  expect(clashes).toEqual([{ code: 'a', mine: 'mine', theirs: 'theirs' }])
  expect(dropAnswer(again, 'a')).toBeNull()
})

test('a field that only I changed is no clash', () => {
  const fresh = application([ask('a', { value: 'old' }), ask('b', { value: 'elsewhere' })], { version: 4 })
  expect(rebase(fresh, addAnswer(null, base(), 'a', 'mine'))).toMatchObject({ clashes: [], waiting: { version: 4 } })
})

test('questions that are gone or fixed now are let go', () => {
  const fresh = application([ask('a', { value: 'k', is_locked: true })], { version: 4 })
  const waiting = addAnswer(addAnswer(null, base(), 'a', 'mine'), base(), 'b', 'x')
  expect(rebase(fresh, waiting)).toEqual({ waiting: null, clashes: [] })
})

test('what was typed while a request was on its way waits on, on the new version', () => {
  const sent = addAnswer(null, base(), 'a', 'one')
  const now = addAnswer(addAnswer(sent, base(), 'a', 'two'), base(), 'b', 'x')
  const fresh = application([ask('a', { value: 'one' }), ask('b')], { version: 4 })
  expect(afterSent(now, sent, fresh)).toMatchObject({ version: 4, answers: { a: 'two', b: 'x' }, seen: { a: 'one', b: null } })
  expect(afterSent(sent, sent, fresh)).toBeNull()
})
