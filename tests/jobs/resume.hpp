// SPDX-License-Identifier: BSL-1.0
/// \file
/// Options of an export that goes on from a checkpoint.
#pragma once

#include <eloqua/bulk/export.hpp>

#include <utility>

inline eloqua::bulk::export_options
resume(eloqua::bulk::export_checkpoint at,
       eloqua::bulk::export_options options = eloqua::bulk::export_options()) {
    options.resume_from = std::move(at);
    return options;
}
