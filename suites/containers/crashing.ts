/** A service that ends by itself, again and again. */
setTimeout(() => process.exit(7), 50)
