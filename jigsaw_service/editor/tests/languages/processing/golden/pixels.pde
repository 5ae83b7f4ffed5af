loadPixels();
pixels[int(3)] = color(255, green(pixels[int(3)]), blue(pixels[int(3)]));
set(1, 2, get(3, 4));
copy(0, 0, 5, 5, 9, 9, 5, 5);
blend(0, 0, 5, 5, 9, 9, 5, 5, ADD);
filter(BLUR);
println(red(pixels[int(0)]));
updatePixels();
