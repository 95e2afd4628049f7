/** In a page: makes one media playlist of the last variants of several masters. */
const JOIN = `
  const absolute = (text, base) => text
    .replace(/URI="([^"]+)"/g, (_all, uri) => 'URI="' + new URL(uri, base) + '"')
    .replace(/^(?!#)(\\S+)$/gm, (uri) => new URL(uri, base).href);
  const load = async (master) => {
    const variant = (await (await fetch(master)).text()).trim().split('\\n').at(-1);
    const url = new URL(variant, master);
    const text = absolute(await (await fetch(url)).text(), url);
    return { text, length: [...text.matchAll(/#EXTINF:([\\d.]+)/g)].reduce((sum, [, each]) => sum + Number(each), 0) };
  };
  const tracks = await Promise.all(masters.map(load));
  const body = tracks
    .map(({ text }) => text.split('\\n').filter((line) => line !== '' && !/^#EXT(M3U|-X-(VERSION|TARGET|MEDIA-SEQ|PLAYLIST|ENDLIST|INDEP))/.test(line)).join('\\n'))
    .join('\\n#EXT-X-DISCONTINUITY\\n');
  const playlist = '#EXTM3U\\n#EXT-X-VERSION:7\\n#EXT-X-TARGETDURATION:7\\n#EXT-X-PLAYLIST-TYPE:VOD\\n' + body + '\\n#EXT-X-ENDLIST\\n';
`;

/** In a page: hears the left channel of what an element plays, as samples. */
const TAP = `
  const context = new AudioContext({ sampleRate });
  const worklet = 'registerProcessor("tap", class extends AudioWorkletProcessor { process([input]) { if (input[0]) this.port.postMessage(input[0].slice()); return true; } })';
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' })));
  const tap = new AudioWorkletNode(context, 'tap');
`;

/**
 * Runs in a page: plays the media playlists of several tracks as one, from some seconds before the first joint on, and
 * gives the samples of the left channel around it. Argument: master playlists, the seconds before the joint and in all,
 * the sample rate.
 */
export const PLAY_JOINED = `async ([masters, before, seconds, sampleRate]) => {
  ${JOIN}
  const audio = document.createElement('audio');
  document.body.append(audio);
  ${TAP}
  const heard = [];
  const hls = new Hls({ maxBufferLength: 60 });
  const failed = new Promise((_, reject) => hls.on(Hls.Events.ERROR, (_event, data) => data.fatal && reject(new Error(data.details))));
  hls.loadSource(URL.createObjectURL(new Blob([playlist], { type: 'application/vnd.apple.mpegurl' })));
  hls.attachMedia(audio);
  const total = tracks.reduce((sum, { length }) => sum + length, 0);
  const buffered = new Promise((resolve) => {
    const look = setInterval(() => {
      if (audio.buffered.length === 0 || audio.buffered.end(audio.buffered.length - 1) < total - 0.1) return;
      clearInterval(look);
      resolve();
    }, 50);
  });
  await Promise.race([buffered, failed]);
  const ranges = audio.buffered.length;
  context.createMediaElementSource(audio).connect(tap).connect(context.destination);
  audio.currentTime = tracks[0].length - before;
  await new Promise((resolve) => audio.addEventListener('seeked', resolve, { once: true }));
  tap.port.onmessage = ({ data }) => heard.push(...data);
  await audio.play();
  while (heard.length < seconds * sampleRate) await new Promise((resolve) => setTimeout(resolve, 50));
  audio.pause();
  hls.destroy();
  await context.close();
  return { heard, ranges };
}`;

/**
 * Runs in a page: plays the media playlists of several tracks as one from the beginning to the end, reading ahead no
 * further than it must, and tells `atSecond` how far it is. Gives the samples of the left channel from some seconds
 * before each joint to as many behind it, how often the player had nothing to play, and how many segments came after the
 * first sound. Argument: master playlists, where they join, in seconds, the seconds around them, the sample rate.
 */
export const PLAY_THROUGH = `async ([masters, joints, around, sampleRate]) => {
  ${JOIN}
  const audio = document.createElement('audio');
  document.body.append(audio);
  ${TAP}
  const heard = [];
  tap.port.onmessage = ({ data }) => heard.push(...data);
  context.createMediaElementSource(audio).connect(tap).connect(context.destination);
  const hls = new Hls({ maxBufferLength: 6, maxMaxBufferLength: 6 });
  const failed = new Promise((_, reject) => hls.on(Hls.Events.ERROR, (_event, data) => data.fatal && reject(new Error(data.details))));
  let loaded = 0;
  hls.on(Hls.Events.FRAG_LOADED, () => loaded++);
  hls.loadSource(URL.createObjectURL(new Blob([playlist], { type: 'application/vnd.apple.mpegurl' })));
  hls.attachMedia(audio);
  await Promise.race([new Promise((resolve) => audio.addEventListener('canplay', resolve, { once: true })), failed]);
  const atOnce = loaded;
  let stalls = 0;
  audio.addEventListener('timeupdate', () => window.atSecond(audio.currentTime));
  const ended = new Promise((resolve) => audio.addEventListener('ended', resolve));
  await audio.play();
  audio.addEventListener('waiting', () => !audio.ended && stalls++);
  await Promise.race([ended, failed]);
  hls.destroy();
  await context.close();
  const start = heard.findIndex((sample) => sample !== 0);
  const near = (joint) => heard.slice(start + (joint - around) * sampleRate, start + (joint + around) * sampleRate);
  return { near: joints.map(near), stalls, later: loaded - atOnce };
}`;
