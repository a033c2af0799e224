import { defineConfig } from 'faultline'
import base from '../../faultline.config.ts'

/** The project's own configuration, for a pipeline that would rather stop than run the rest. */
export default defineConfig({
  ...base,
  root: '../..',
  policy: { onRequiredDown: 'fail-fast', recoveryWaitMs: 5000 },
})
