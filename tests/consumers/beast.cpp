// SPDX-License-Identifier: BSL-1.0
// Whether the dependency that adds the transport over Beast brings what that transport needs.
#include <eloqua/bulk/version.hpp>

#include <cstdlib>
#include <iostream>
#include <openssl/ssl.h>
#include <thread>

int main() {
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    bool ran = false;
    std::thread([&] { ran = context != nullptr; }).join();
    SSL_CTX_free(context);
    std::cout << ELOQUA_BULK_VERSION_STRING << " with " << OpenSSL_version(OPENSSL_VERSION) << '\n';
    return ran ? EXIT_SUCCESS : EXIT_FAILURE;
}
