print("product-gateway")
