/** Names that Java or Processing has taken already. Its events, such as `mousePressed`, are for programs to define. */
export const RESERVED: ReadonlySet<string> = new Set(
  (
    'abstract assert boolean break byte case catch char class const continue default do double else enum ' +
    'extends false final finally float for goto if implements import instanceof int interface long native ' +
    'new null package private protected public return short static strictfp super switch synchronized this ' +
    'throw throws transient true try void volatile while String Object Math Float FloatList StringList color ' +
    'abs acos arc asin atan atan2 background blend ceil color constrain copy cos degrees dist ellipse exp fill ' +
    'filter floor frameRate get height lerpColor line loadPixels log map max min mouseX mouseY noFill noStroke ' +
    'pixels point pow println quad radians random rect red green blue round set sin size split sqrt str stroke ' +
    'tan text triangle trim updatePixels width key keyCode frameCount PI HALF_PI QUARTER_PI TWO_PI TAU javax ' +
    'StringBuilder Integer append arrayCopy binary blendColor concat day degrees expand hex hour join mag match ' +
    'matchAll minute month nf nfc nfp nfs norm print printArray reverse second shorten sort splice splitTokens sq ' +
    'subset unbinary unhex year millis IntList FloatDict PApplet PImage PVector'
  ).split(' '),
);
