import { ref } from 'vue'
import { api } from '@/state/api'
import { openCertificatePdf, tell } from './useDone'
import type { Certificate } from './useDone'
import { useLoad } from './useLoad'

/** The certificates the taxpayer holds, and opening one. */
export function useCertificates() {
  const certificates = useLoad(() => api.call('get', '/api/certificates'))
  const opening = ref('')

  async function open(one: Certificate): Promise<void> {
    opening.value = one.certificate_id
    try {
      await openCertificatePdf(one)
    } catch (failure) {
      tell(failure)
    } finally {
      opening.value = ''
    }
  }

  return { certificates, opening, open }
}
