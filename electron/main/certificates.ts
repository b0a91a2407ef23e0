/** TLS of the gateway: Chromium's own verdict stands, nobody may click past it, and no client certificate is offered. */
import type { App } from 'electron'

export const refuseBadCertificates = (app: App): void => {
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault()
    callback(false)
  })
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault()
    callback()
  })
  app.on('login', (event, _contents, _details, _info, callback) => {
    event.preventDefault()
    callback()
  })
}
