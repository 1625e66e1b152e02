#!/bin/sh
# Writes the time into the page's folder every second, by rename so that no reader sees half a line.
trap 'exit 0' TERM INT
cp /app/index.html /site/index.html
while true; do
  date -u '+%H:%M:%S UTC' > /site/time.new
  mv /site/time.new /site/time.txt
  echo "tick $(cat /site/time.txt)"
  sleep 1 &
  wait $!
done
