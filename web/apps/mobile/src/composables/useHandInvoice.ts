import { computed, reactive, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { typedFen } from '@palmtax/ui/money'
import { back } from '@/platform/navigate'
import { api } from '@/state/api'
import { newKey } from '@/state/identifiers'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { houseDay } from './useCalendar'

type HandInvoice = Schemas['HandInvoiceIn']
export type LevyRate = HandInvoice['lines'][number]['levy_rate']

/** Rates a small-scale taxpayer meets. */
export const RATES: LevyRate[] = ['0.01', '0.03', '0.05', '0.015', '0']

/** An invoice, or income without one, typed by hand. The tax is computed by the server. */
export function useHandInvoice() {
  const form = reactive({
    kind: 'none' as HandInvoice['kind'],
    number: '',
    day: houseDay(),
    buyer: '',
    item: '',
    rate: '0.01' as LevyRate,
    amount: '',
    isRealEstate: false,
  })
  const isTried = ref(false)
  const isBusy = ref(false)
  const key = newKey()
  const fen = computed(() => typedFen(form.amount))
  const problems = computed(() => ({
    number: form.kind !== 'none' && !/^\d{8,20}$/.test(form.number) ? t('hand.number_wrong') : '',
    item: form.item.trim() ? '' : t('hand.item_needed'),
    amount: fen.value === null || fen.value === 0 ? t('correction.amount_wrong') : '',
  }))
  const shown = computed(() => (isTried.value ? problems.value : { number: '', item: '', amount: '' }))

  async function save(): Promise<void> {
    isTried.value = true
    if (isBusy.value || Object.values(problems.value).some(Boolean)) return
    isBusy.value = true
    try {
      await api.call('post', '/api/invoice/invoices', { body: bodyOf(), headers: { 'Idempotency-Key': key } })
      say(t('hand.saved'))
      back()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isBusy.value = false
    }
  }

  function bodyOf(): HandInvoice {
    return {
      kind: form.kind,
      invoice_no: form.kind === 'none' ? null : form.number,
      issued_on: form.day,
      counterparty_name: form.buyer.trim(),
      lines: [{ item: form.item.trim(), levy_rate: form.rate, amount_fen: fen.value ?? 0, tax_fen: null }],
      is_real_estate: form.isRealEstate,
      red_of_invoice_no: null,
    }
  }

  return { form, shown, isBusy, save }
}
