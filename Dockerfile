# The single file on a base without a shell, a package manager and root: docker build -t webhookconsole .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN build/publish "linux-$(echo "$TARGETARCH" | sed s/amd64/x64/)" -p:RunAnalyzers=false \
 && mv out/linux-*/webhookconsole /webhookconsole \
 && mkdir /data

# "extra" has the time zones, which charts and lists need.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled-extra
COPY --from=build /webhookconsole /app/webhookconsole
# A new volume takes the owner of the folder that it covers.
COPY --from=build --chown=$APP_UID:$APP_UID /data /data

# Everything that it writes is in the volume: the root file system may be read-only.
ENV Urls=http://*:8080 \
    Storage__Directory=/data \
    DOTNET_BUNDLE_EXTRACT_BASE_DIR=/data/.net \
    TMPDIR=/data \
    DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/app/webhookconsole", "check-health"]
ENTRYPOINT ["/app/webhookconsole"]
