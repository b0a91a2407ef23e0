/**
 * Headers of every page and answer of the kiosk, in both shells.
 * Content Security Policy level 3: own files only; WebAssembly for the PIN's key derivation; the gateway is the one place outside that a
 * page may speak to. Nothing may frame the kiosk, and it frames nothing but documents it made itself (a slip to print).
 */
const contentSecurityPolicy = (gatewayUrl: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'none'",
    `connect-src 'self' ${gatewayUrl}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    'frame-src blob:',
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const deniedFeatures = [
  'accelerometer',
  'autoplay',
  'bluetooth',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
]

export const securityHeaders = (gatewayUrl: string): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicy(gatewayUrl),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': ['camera=(self)', ...deniedFeatures.map((feature) => `${feature}=()`)].join(', '),
})
