import { expect, test } from 'vitest'
import { groupsFor, hatsFor, journeyProgress, layersOf, markedPieces, pieces, typedWords, searchKept, uploadInPieces, whoOf } from '../index'
import type { Catalogue, Journey, MatterCard, UploadWays } from '../index'

const card = (code: string, who: MatterCard['who'], mobile: MatterCard['mobile'] = 'suited'): MatterCard => ({
  code,
  title: code,
  title_en: code,
  say: '额度不够',
  say_en: 'limit',
  who,
  instant: true,
  days: null,
  mobile,
})
const catalogue: Catalogue = {
  version: '1',
  groups: [{ code: 'FPBL', name: '发票', name_en: 'Invoices', matters: [card('A', ['natural_person']), card('B', ['general']), card('C', ['general'], 'frequent')] }],
  themes: [],
}

test('a hat says who its taxpayer is', () => {
  expect(whoOf(null, null)).toEqual([])
  expect(whoOf({ kind: 'self' }, null)).toEqual(['natural_person'])
  expect(whoOf({ kind: 'agent' }, { kind: 'enterprise', vat_kind: 'general' })).toEqual(['general'])
  expect(whoOf({ kind: 'enterprise' }, null)).toHaveLength(3)
  const hats = [{ kind: 'self' as const }, { kind: 'agent' as const }, { kind: 'officer' as const }]
  expect(hatsFor(['natural_person'], hats)).toEqual([hats[0]])
  expect(hatsFor(['general', 'natural_person'], hats)).toEqual([hats[0], hats[1]])
})

test('what is possible comes first, the rest stays and is marked', () => {
  const [group] = groupsFor(catalogue, ['general'])
  expect(group!.matters.map((one) => [one.card.code, one.isMine])).toEqual([['C', true], ['B', true], ['A', false]])
  expect(group!.mine).toBe(2)
  expect(searchKept(catalogue, '额度 a').map((one) => one.code)).toEqual(['A'])
})

test('found words are marked, longest first', () => {
  expect(pieces('开票额度不够', ['额度', '额度不够'])).toEqual([
    { text: '开票', isMarked: false },
    { text: '额度不够', isMarked: true },
  ])
  expect(typedWords('a (b')).toEqual(['a', '(b'])
  expect(markedPieces('开票额度', [[2, 4]])).toEqual([
    { text: '开票', isMarked: false },
    { text: '额度', isMarked: true },
  ])
  expect(pieces('x (b', ['(b'])[1]).toEqual({ text: '(b', isMarked: true })
})

test('steps stand in layers after what they wait for; a ring does not hang', () => {
  const step = (matter_code: string, after: string[] = []) => ({ matter_code, after })
  const codes = (steps: ReturnType<typeof step>[]) => layersOf(steps).map((layer) => layer.map((one) => one.matter_code))
  expect(codes([step('a'), step('b', ['a']), step('c', ['a']), step('d', ['b', 'c'])])).toEqual([['a'], ['b', 'c'], ['d']])
  expect(codes([step('a', ['b']), step('b', ['a'])]).flat()).toHaveLength(2)
})

test('a journey knows how far it is; what is left out does not count', () => {
  const step = (matter_code: string, state: Journey['steps'][0]['state'], after: string[] = []) => ({ matter_code, state, after }) as unknown as Journey['steps'][0]
  const journey = { steps: [step('a', 'failed'), step('b', 'waiting', ['a']), step('c', 'ready'), step('d', 'approved'), step('e', 'left_out')] } as unknown as Journey
  expect(journeyProgress(journey)).toEqual({ done: 1, total: 4, percent: 25 })
})

test('an upload goes on where it stopped, and gives up only when that helps nobody', async () => {
  const sent: [number, number][] = []
  let broken = 2
  const ways: UploadWays<string> = {
    begin: async () => ({ upload_id: 'u', offset: 0, chunk_bytes: 4 }),
    where: async () => ({ offset: 4 }),
    put: async (_, offset, bytes) => {
      if (offset === 4 && broken-- > 0) throw new Error('lost')
      sent.push([offset, bytes.byteLength])
      return { offset: offset + bytes.byteLength, is_complete: offset + bytes.byteLength === 10, paper: 'p' }
    },
    read: async (from, until) => new ArrayBuffer(until - from),
    pause: async () => undefined,
    isFinal: (failure) => String(failure).includes('never'),
    keep: () => undefined,
    tell: () => undefined,
  }
  expect(await uploadInPieces(10, ways)).toBe('p')
  expect(sent).toEqual([[0, 4], [4, 4], [8, 2]])
  sent.length = 0
  await uploadInPieces(10, ways, { upload_id: 'u', offset: 0, chunk_bytes: 4 })
  expect(sent[0]).toEqual([4, 4])
  await expect(uploadInPieces(10, { ...ways, put: async () => Promise.reject(new Error('never')) })).rejects.toThrow('never')
})
