/** Whether we are connected, as far as the phone knows. */
import { ref } from 'vue'

export const isOnline = ref(true)
