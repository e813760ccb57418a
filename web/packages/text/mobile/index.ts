/** Copy of the taxpayer app; an area missing in English does not compile. */
import { common as commonZh } from './zh/common'
import { home as homeZh } from './zh/home'
import { signIn as signInZh } from './zh/signIn'
import { filing as filingZh } from './zh/filing'
import { invoice as invoiceZh } from './zh/invoice'
import { payment as paymentZh } from './zh/payment'
import { account as accountZh } from './zh/account'
import { calculators as calculatorsZh } from './zh/calculators'
import { matters as mattersZh } from './zh/matters'
import { application as applicationZh } from './zh/application'
import { appointments as appointmentsZh } from './zh/appointments'
import { notices as noticesZh } from './zh/notices'
import { affairs as affairsZh } from './zh/affairs'
import { served as servedZh } from './zh/served'
import { waiting as waitingZh } from './zh/waiting'
import { consents as consentsZh } from './zh/consents'
import { features as featuresZh } from './zh/features'
import { kiosk as kioskZh } from './zh/kiosk'
import { common as commonEn } from './en/common'
import { home as homeEn } from './en/home'
import { signIn as signInEn } from './en/signIn'
import { filing as filingEn } from './en/filing'
import { invoice as invoiceEn } from './en/invoice'
import { payment as paymentEn } from './en/payment'
import { account as accountEn } from './en/account'
import { calculators as calculatorsEn } from './en/calculators'
import { matters as mattersEn } from './en/matters'
import { application as applicationEn } from './en/application'
import { appointments as appointmentsEn } from './en/appointments'
import { notices as noticesEn } from './en/notices'
import { affairs as affairsEn } from './en/affairs'
import { served as servedEn } from './en/served'
import { waiting as waitingEn } from './en/waiting'
import { consents as consentsEn } from './en/consents'
import { features as featuresEn } from './en/features'
import { kiosk as kioskEn } from './en/kiosk'

export const zh = {
  ...commonZh,
  ...homeZh,
  ...signInZh,
  ...filingZh,
  ...invoiceZh,
  ...paymentZh,
  ...accountZh,
  ...calculatorsZh,
  ...mattersZh,
  ...applicationZh,
  ...appointmentsZh,
  ...noticesZh,
  ...affairsZh,
  ...servedZh,
  ...waitingZh,
  ...consentsZh,
  ...featuresZh,
  ...kioskZh,
}

export const en: Record<keyof typeof zh, string> = {
  ...commonEn,
  ...homeEn,
  ...signInEn,
  ...filingEn,
  ...invoiceEn,
  ...paymentEn,
  ...accountEn,
  ...calculatorsEn,
  ...mattersEn,
  ...applicationEn,
  ...appointmentsEn,
  ...noticesEn,
  ...affairsEn,
  ...servedEn,
  ...waitingEn,
  ...consentsEn,
  ...featuresEn,
  ...kioskEn,
}
