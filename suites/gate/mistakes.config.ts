import base from '../../faultline.config.ts'

/** Three mistakes: a mistyped key, a value of the wrong type, a word that isn't one of those known. */
export default {
  ...base,
  root: '../..',
  polcy: {},
  policy: { retries: 'three', onRequiredDown: 'fail-fsat' },
}
