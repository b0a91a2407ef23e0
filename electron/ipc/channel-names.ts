/** The two channels between a page and its shell. The preload is the only one that speaks them on the page's side. */
export const stationCallChannel = 'tram:station-call'
export const stationEventChannel = 'tram:station-event'
