FROM start AS first
ARG WHO=nobody
RUN echo "$WHO" > /who

FROM first AS final
COPY --from=other note /note
COPY . /app
RUN --mount=type=secret,id=token --mount=type=secret,id=word cat /run/secrets/token /run/secrets/word | wc -c > /secret-length
RUN --mount=type=ssh test -S "$SSH_AUTH_SOCK" && echo yes > /ssh
RUN grep far.example /etc/hosts > /hosts; df -k /dev/shm | tail -n 1 | awk '{ print $2 }' > /shm; ulimit -n > /files; ls /sys/class/net > /network
CMD cat /who /note /secret-length /ssh /hosts /shm /files /network

FROM final AS unwanted
RUN exit 1
