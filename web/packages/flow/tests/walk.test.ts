import { expect, test } from 'vitest'
import { askBefore, isComplete, nextAsk, nextStep, overlay, papersLeft, papersOf, progressOf, sectionsOf, stageOf } from '../index'
import { application, ask, paper } from './examples'

test('the server says what still matters; offline the first open question is next', () => {
  const one = application([ask('a', { value: 'x' }), ask('b'), ask('c')], { next: 'c' })
  expect(nextAsk(one)?.code).toBe('c')
  const waiting = { version: 3, answers: { c: 'done' }, seen: {}, spent_ms: {} }
  expect(nextAsk(overlay(one, waiting), true)?.code).toBe('b')
})

test('hidden, fixed and agreed ones are not asked', () => {
  const asks = [ask('a', { is_shown: false }), ask('b', { is_locked: true }), ask('c', { type: 'agree' })]
  const one = application(asks, { next: 'c' })
  expect(nextAsk(one)).toBeNull()
  expect(isComplete(one)).toBe(false)
  asks[2]!.value = true
  expect(isComplete(one)).toBe(true)
})

test('back goes to the answered question before', () => {
  const one = application([ask('a', { value: 1 }), ask('b'), ask('c', { value: 2 }), ask('d')])
  expect(askBefore(one, 'd')?.code).toBe('c')
  expect(askBefore(one, 'a')).toBeNull()
  expect(askBefore(one, null)?.code).toBe('c')
})

test('questions, then papers, then the look at everything', () => {
  const papers = [paper('id'), paper('kept', { is_on_file: true }), paper('extra', { is_needed: false })]
  expect(stageOf(application([ask('a')], { papers }))).toBe('asks')
  const answered = application([ask('a', { value: 1 })], { papers })
  expect(stageOf(answered)).toBe('papers')
  expect(papersLeft(answered).map((one) => one.code)).toEqual(['id'])
  papers[0]!.files = [{ paper_id: 'p', name: 'a.jpg', size_bytes: 1, media_type: 'image/jpeg', has_thumbnail: false }]
  expect(stageOf(answered)).toBe('review')
})

test('an optional paper is shown, and nobody waits for it', () => {
  const one = application([ask('a', { value: 1 })], { papers: [paper('proof', { is_optional: true })] })
  expect(papersOf(one)).toHaveLength(1)
  expect(papersLeft(one)).toEqual([])
  expect(progressOf(one)).toMatchObject({ left: 0 })
})

test('progress counts papers too and is full only when nothing is left', () => {
  const one = application([ask('a', { value: 1 }), ask('b')], { papers: [paper('id')] })
  expect(progressOf(one)).toEqual({ done: 1, total: 3, left: 2, percent: 33 })
  const waiting = { version: 3, answers: { b: 'x' }, seen: {}, spent_ms: {} }
  expect(progressOf(overlay(one, waiting), true)).toMatchObject({ done: 2, left: 1 })
})

test('sections say what is left in them', () => {
  const one = application([ask('a'), ask('b', { is_optional: true }), ask('c', { is_shown: false })])
  expect(sectionsOf(one)).toMatchObject([{ left: 1, problems: 0, place: 0 }])
  expect(sectionsOf(application([ask('a', { is_shown: false })]))).toEqual([])
})

test('what comes next, by when', () => {
  expect(nextStep(application([], { state: 'submitted', due_on: '2026-11-20' }))).toEqual({ name: 'waiting', day: '2026-11-20' })
  const supplement = { text: '', asks: [], papers: [], until: '2026-10-30' }
  expect(nextStep(application([], { state: 'supplement', supplement })).day).toBe('2026-10-30')
})
