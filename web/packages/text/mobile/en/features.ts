/** Copy of the taxpayer app, area features: what a city offers of its own. */
export const features = {
  'features.title': 'In your city',
  'features.closed': 'Open {opens}',
  'features.whose': 'Provided by {organisation}; not a page of the tax office',
  'features.help': 'Questions: {phone}',
  'features.ask': '“{title}” needs to see data of yours',
  'features.why': 'What for: {why}',
  'features.for': 'As: {title}',
  'features.back':
    'Lasts 90 days; take it back at any time under Me → Third-party consents. It never gets your password and cannot file or pay for you.',
  'features.agree': 'Agree and open',
  'features.refuse': 'Not now',
  'features.close': 'Back to PalmTax',
}
