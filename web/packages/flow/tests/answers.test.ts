import { describe, expect, test } from 'vitest'
import { fieldText, isBlank, isSame, keyboardOf, openFault, readTyped, scannedText, shownFigure, shownValue } from '../index'
import type { AskType } from '../index'
import { ask } from './examples'

const read = (type: AskType, typed: string, more = {}) => readTyped(ask('x', { type, ...more }), typed)

describe('what people type becomes what travels', () => {
  test.each([
    ['amount', '￥1,234.5 元', 123450],
    ['amount', '500万', 500000000],
    ['amount', '１２３', 12300],
    ['number', '12', 12],
    ['quantity', '140.01', '140.01'],
    ['rate', '3', '3%'],
    ['rate', '5/10000', '5/10000'],
    ['phone', '138 1234 5678', '13812345678'],
    ['phone', '+86 13812345678', '13812345678'],
    ['resident_id', '11010519491231002x', '11010519491231002X'],
    ['bank_account', '6222 0200 0000 0000 000', '6222020000000000000'],
    ['plate', '浙a·12345', '浙A12345'],
    ['text', '  茶叶\n铺 ', '茶叶 铺'],
    ['long_text', '一\r\n二', '一\n二'],
    ['year', '2026', 2026],
  ] as const)('%s %s', (type, typed, value) => expect(read(type, typed)).toEqual({ value, fault: null }))

  test.each([
    ['amount', '1.005', 'amount'],
    ['amount', '很多', 'amount'],
    ['number', '1.5', 'number'],
    ['phone', '1381234567', 'phone'],
    ['resident_id', '110105194912310021', 'resident_id'],
    ['uscc', '91330106MA2B0XXX1K', 'uscc'],
    ['invoice_no', '123', 'invoice_no'],
    ['email', 'a@b', 'email'],
  ] as const)('%s %s is refused', (type, typed, name) => expect(read(type, typed).fault?.name).toBe(name))

  test('blank is no fault by itself, but it is when the answer is needed', () => {
    expect(read('amount', ' ')).toEqual({ value: null, fault: null })
    expect(openFault(ask('x'), null)?.name).toBe('needed')
    expect(openFault(ask('x', { is_optional: true }), null)).toBeNull()
  })

  test('ranges are said in the unit of the answer', () => {
    expect(read('amount', '0', { min: 1 }).fault).toEqual({ name: 'low', values: { low: '¥0.01' } })
    expect(read('number', '9', { max: 5 }).fault).toEqual({ name: 'high', values: { high: '5' } })
    expect(openFault(ask('x', { type: 'date', min: '2026-01-01' }), '2025-12-31')?.name).toBe('low')
  })

  test('rows are looked at cell by cell', () => {
    const rows = ask('x', { type: 'rows', at_least: 1, rows: [ask('buyer'), ask('sum', { type: 'amount' })] })
    expect(openFault(rows, [])?.name).toBe('needed')
    expect(openFault(rows, [{ buyer: '甲', sum: null }])).toEqual({ name: 'row', values: { place: 1 } })
    expect(openFault(rows, [{ buyer: '甲', sum: 5 }])).toBeNull()
  })
})

test('a value goes back into its field and is said in words', () => {
  expect(fieldText(ask('x', { type: 'amount' }), 123450)).toBe('1234.50')
  expect(fieldText(ask('x', { type: 'rate' }), '3%')).toBe('3')
  expect(shownValue(ask('x', { type: 'amount' }), 5, 'zh').fen).toBe(5)
  const options = [{ value: 'raise', label: '调高', label_en: 'Raise' }]
  expect(shownValue(ask('x', { type: 'choice', options }), 'raise', 'en').text).toBe('Raise')
  expect(shownValue(ask('x', { type: 'choices', options }), ['raise', 'other'], 'zh').text).toBe('调高、other')
  expect(shownValue(ask('x', { type: 'period' }), '2026Q3', 'zh').text).toBe('2026年三季度')
  expect(shownValue(ask('x', { type: 'number', unit: '人', unit_en: 'people' }), 3, 'zh').text).toBe('3 人')
  expect(shownFigure({ value: 1200, unit: 'fen' }, 'zh').fen).toBe(1200)
  expect(shownFigure({ value: true, unit: 'yes_no' }, 'en').text).toBe('Yes')
  expect(shownFigure({ value: '长期', unit: '', value_en: 'no end' }, 'en').text).toBe('no end')
  expect(shownFigure({ value: '长期', unit: '', value_en: 'no end' }, 'zh').text).toBe('长期')
  expect(shownFigure({ value: 40_000, unit: 'rate' }, 'zh').text).toBe('4%')
  expect(shownFigure({ value: 300, unit: 'rate' }, 'en').text).toBe('0.03%')
  expect(shownFigure({ value: 1_400_100, unit: 'quantity' }, 'zh').text).toBe('140.01')
  expect(shownFigure({ value: 3, unit: '个', unit_en: 'in all' }, 'en').text).toBe('3 in all')
})

test('keyboards fit, and a picture of a code gives the answer in it', () => {
  expect(keyboardOf('amount')).toBe('digit')
  expect(keyboardOf('resident_id')).toBe('idcard')
  expect(scannedText('invoice_no', '01,32,,02632000000000000001,8.5,20260901,')).toBe('02632000000000000001')
  expect(scannedText('uscc', 'https://x/?uscc=92330106MA2B0XXX1K&')).toBe('92330106MA2B0XXX1K')
})

test('blank and same', () => {
  expect(isBlank(false)).toBe(false)
  expect(isBlank([])).toBe(true)
  expect(isSame(null, '')).toBe(true)
  expect(isSame([{ a: 1 }], [{ a: 1 }])).toBe(true)
})
