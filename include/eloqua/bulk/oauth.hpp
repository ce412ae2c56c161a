// SPDX-License-Identifier: BSL-1.0
/// \file
/// OAuth 2: consent, tokens, and credentials that renew them. Needed by the unit that makes a
/// client, and by no other. POSIX only, since tokens are kept in a file.
#pragma once

#include <eloqua/bulk/client/file_token_store.hpp>
#include <eloqua/bulk/client/oauth.hpp>
#include <eloqua/bulk/client/oauth_application.hpp>
#include <eloqua/bulk/client/token_request.hpp>
#include <eloqua/bulk/client/token_store.hpp>
