# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed beside the binary, and the Debian packages that CPack makes of it: `spillway` with the window, or
# `spillway-nogui` from a build with SPILLWAY_GUI=OFF. `./dev package` makes both.
include(GNUInstallDirs)

# The manual pages and completions are what the program itself prints from its tables.
function(spillway_printed file folder)
    set(path "${CMAKE_CURRENT_BINARY_DIR}/printed/${file}")
    set(installed "${path}")
    if(folder MATCHES "/man/")
        set(installed "${path}.gz")
    endif()
    add_custom_command(OUTPUT "${path}" COMMAND spillway ${ARGN} > "${path}" DEPENDS spillway VERBATIM)
    if(NOT installed STREQUAL path)
        add_custom_command(OUTPUT "${installed}" COMMAND gzip -9nkf "${path}" DEPENDS "${path}" VERBATIM)
        set_property(GLOBAL APPEND PROPERTY SPILLWAY_PRINTED "${installed}")
    endif()
    install(FILES "${installed}" DESTINATION "${folder}")
    set_property(GLOBAL APPEND PROPERTY SPILLWAY_PRINTED "${path}")
endfunction()
file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/printed")
spillway_printed(spillway.1 "${CMAKE_INSTALL_MANDIR}/man1" help --man)
spillway_printed(spillway.toml.5 "${CMAKE_INSTALL_MANDIR}/man5" config docs --man)
spillway_printed(spillway "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" help --completion bash)
spillway_printed(_spillway "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions" help --completion zsh)
spillway_printed(spillway.fish "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" help --completion fish)
get_property(printed GLOBAL PROPERTY SPILLWAY_PRINTED)
add_custom_target(printed ALL DEPENDS ${printed})

set(installer "${CMAKE_CURRENT_SOURCE_DIR}/installer")
install(FILES "${installer}/systemd/spillway.service" DESTINATION lib/systemd/system)
install(FILES "${installer}/systemd/spillway-user.service" DESTINATION lib/systemd/user RENAME spillway.service)
install(FILES "${installer}/debian/spillway.toml" DESTINATION /etc/spillway)
if(SPILLWAY_GUI)
    configure_file("${installer}/desktop/org.spillway.Console.metainfo.xml.in" org.spillway.Console.metainfo.xml @ONLY)
    install(FILES "${CMAKE_CURRENT_BINARY_DIR}/org.spillway.Console.metainfo.xml" DESTINATION "${CMAKE_INSTALL_DATADIR}/metainfo")
    install(FILES "${installer}/desktop/org.spillway.Console.desktop" DESTINATION "${CMAKE_INSTALL_DATADIR}/applications")
    install(FILES resources/icons/spillway.svg DESTINATION "${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps")
    set(CPACK_PACKAGE_NAME spillway)
    set(other spillway-nogui)
    set(summary "file-sharing server with a desktop console")
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-wayland")
else()
    set(CPACK_PACKAGE_NAME spillway-nogui)
    set(other spillway)
    set(summary "file-sharing server, without its desktop console")
endif()

set(doc "${CMAKE_INSTALL_DATADIR}/doc/${CPACK_PACKAGE_NAME}")
configure_file("${installer}/debian/changelog.in" changelog @ONLY)
add_custom_command(OUTPUT changelog.Debian.gz
    COMMAND gzip -9nc changelog > changelog.Debian.gz DEPENDS changelog VERBATIM)
add_custom_target(changelog_gz ALL DEPENDS changelog.Debian.gz)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz" "${installer}/debian/copyright" DESTINATION "${doc}")

# `cpack` packs what was built; it need not build the tests.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_VENDOR "The Spillway developers")
set(CPACK_PACKAGE_CONTACT "The Spillway developers <developers@spillway.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${summary}")
set(CPACK_PACKAGE_DESCRIPTION
"Spillway shares folders and files over HTTP and HTTPS: publicly, or by links
that expire, ask for a password, count downloads and can be taken back while
they run. Limits act on running downloads; tokens open private shares. It
sends files at the speed of the machine, and interrupted downloads go on.
.
A service for systemd comes with it: systemctl enable --now spillway")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What is loaded at run time: the SQLite driver, and the data base of file types.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6sql6-sqlite, shared-mime-info, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_CONFLICTS "${other}")
set(CPACK_DEBIAN_PACKAGE_REPLACES "${other}")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${installer}/debian/conffiles;${installer}/debian/postinst;${installer}/debian/prerm;${installer}/debian/postrm")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
