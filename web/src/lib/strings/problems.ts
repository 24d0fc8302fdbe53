/** Refusals of the API that are said better here than there; all others are shown in the API's own sentence. */
export const problems = {
  unknown: 'Something went wrong here. Try again; if it stays, tell whoever runs this server.',
  unreachable: 'The server cannot be reached. Check your connection and try again.',
  invalid_credentials: 'The e-mail address or the password is wrong.',
  forbidden: 'Your role does not allow this. Ask an administrator of the tenant.',
  csrf: 'Your session is out of date. Reload the page.',
  stale: 'Somebody changed this meanwhile. Reload and try again.',
} as const;
